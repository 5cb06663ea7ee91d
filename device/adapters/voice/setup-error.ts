/** Something the voice path needs is not on this machine; the message says what to install or where it was looked for. */
export class VoiceSetupError extends Error {
  readonly code: 'not-installed' | 'model-missing';

  constructor(code: VoiceSetupError['code'], message: string) {
    super(message);
    this.name = 'VoiceSetupError';
    this.code = code;
  }
}
