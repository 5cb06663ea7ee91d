/** Which test proves which requirement of ACT-HID.md, by its file and title. A title that changes has to change here, too. */
const FILES = {
  adversary: 'test/device/hid/adversary.test.ts',
  framing: 'test/device/hid/framing.test.ts',
  hostile: 'test/device/hid/hostile-signer.test.ts',
  lost: 'test/device/hid/lost-reports.test.ts',
  pairing: 'test/device/hid/pairing.test.ts',
  programs: 'test/device/hid/programs.test.ts',
  second: 'test/device/hid/second-opener.test.ts',
  session: 'test/device/hid/session.test.ts',
  signer: 'test/device/hid/signer.test.ts',
  kernel: 'test/kernel-hid/uhid-events.test.ts',
} as const;

type Proof = readonly [file: keyof typeof FILES, title: string];

const KNOWS = 'who knows a key and cannot sign with it is nobody, neither as a host nor as a signer';
const OUT_OF_PLACE = 'refuses each command out of place with a code, and forgets it';
const REVEALS = 'who commits to one key and reveals another gets no prompt: it cannot search for digits that fit';
const SAME_DIGITS = 'shows the same six digits on both, and pairs after a hold on the signer';
const ATTACHED = 'is not begun while the host of a session is attached, and gives way to one that comes';
const RESTARTED =
  'a signer that restarted on the same cable is asked again; one that does so with the prompt open has failed';

const PROOFS: Readonly<Record<string, Proof>> = {
  'HID-LIM-1': ['adversary', 'T30: reports of any kind leave no more behind than the channels that may be open'],
  'HID-LIM-2': ['kernel', 'REPORT_DESCRIPTOR'],
  'HID-FRM-1': ['framing', 'computes the CRC that ISO 3309 gives'],
  'HID-FRM-2': ['framing', 'keeps messages on different channels apart, however their reports mix'],
  'HID-FRM-3': ['framing', 'begins anew with a first report, as a peer does that asks again'],
  'HID-FRM-4': ['framing', 'says so when a number is out of turn, and then nothing more until a message begins'],
  'HID-FRM-5': ['framing', 'gives a message 500 ms from its first report to its last'],
  'HID-FRM-6': ['framing', 'takes nothing on a channel that nobody has, and says so once a message'],
  'HID-FRM-7': ['framing', 'T21: never throws for any reports of any length'],
  'HID-CMD-1': ['second', OUT_OF_PLACE],
  'HID-CMD-2': ['second', 'T30: asks for many channels'],
  'HID-CMD-3': ['second', 'WINK shows itself once a second, however often it is asked'],
  'HID-CMD-4': ['signer', 'says KEEPALIVE at least every 100 ms while it asks, and nothing at all when idle'],
  'HID-CMD-5': ['pairing', 'T30: another opener takes back no pairing on a channel that is not its own'],
  'HID-CMD-6': ['second', 'T6: cancels nothing, voids nothing and is asked nothing while a prompt is open'],
  'HID-CMD-7': ['second', OUT_OF_PLACE],
  'HID-PRV-1': ['pairing', 'T22: keys of low order agree with nobody'],
  'HID-PRV-2': [
    'pairing',
    'who talks the two down to a version that both would speak is found out: what was offered is signed',
  ],
  'HID-PRV-3': ['pairing', KNOWS],
  'HID-PRV-4': ['pairing', KNOWS],
  'HID-PRV-5': ['pairing', 'T22: who signs with a key outside the prime-order group is paired with nobody'],
  'HID-PRV-6': ['pairing', REVEALS],
  'HID-VER-1': ['pairing', 'the signer speaks none below its floor and none it does not know'],
  'HID-PAI-1': ['pairing', REVEALS],
  'HID-PAI-2': ['pairing', SAME_DIGITS],
  'HID-PAI-3': ['lost', 'while a host is being paired: it is paired or it is not, before the host is told'],
  'HID-PAI-4': [
    'programs',
    'is paired by six digits, confirms a purchase with its own button, and outlives the device',
  ],
  'HID-PAI-5': ['pairing', ATTACHED],
  'HID-PAI-6': ['pairing', 'hosts at most, and forgets the one that was paired first'],
  'HID-SES-1': ['signer', 'T11: asks nothing of another signer, and tells it nothing'],
  'HID-SES-2': [
    'session',
    'a host that comes back has a new session: what the old one asked is void, and nobody hears of it any more',
  ],
  'HID-SES-3': ['signer', 'unplugged in the middle of a prompt: it has failed, and the signer signs nothing any more'],
  'HID-SEA-1': ['session', 'open neither on another channel nor in the direction they came from'],
  'HID-SEA-2': ['session', 'are of one size for texts of up to 255 bytes, and carry no two paddings of one text'],
  'HID-SEA-3': ['session', 'come through once each, also late and out of order, within the last 64'],
  'HID-SEA-4': ['lost', 'the host asks again, and one prompt leads to one signature'],
  'HID-SEA-5': ['lost', 'the answer itself lost: it is asked for and sent again, and no second signature is made'],
  'HID-REQ-1': ['session', 'answers what is no request, and gives alive no answer'],
  'HID-REQ-2': ['session', 'asks the wearer one thing at a time, and does the rest meanwhile'],
  'HID-REQ-3': ['adversary', 'attempts bring about no signature but those that the wearer saw and held for'],
  'HID-REQ-4': ['session', 'takes a prompt away only for the number it was asked under'],
  'HID-REQ-5': [
    'signer',
    'a host that vanishes without a word: its prompt is void before anybody can hold for two seconds',
  ],
  'HID-REQ-6': ['signer', 'T18: locks at once, also in the middle of a prompt, and unlocks after a hold only'],
  'HID-ERR-1': ['signer', RESTARTED],
  'HID-ERR-2': ['hostile', 'of a signer that was taken over: %s'],
};

/** The requirement, the file and the words in it. */
export const PROVED: readonly (readonly [id: string, file: string, title: string])[] = Object.entries(PROOFS).map(
  ([id, [file, title]]) => [id, FILES[file], title],
);
