import { describe, expect, it } from 'vitest';
import type { SignerAnswer, SignRequest } from '../../../device/signer/port.ts';
import { type ObjectType, openObject } from '../../../protocol/index.ts';
import { DEVICE, directory, TENANT } from '../builders.ts';
import { accountChangeBytes, authorizationBytes, changeBytes, delegation, offerBytes } from '../signer/documents.ts';
import { HidRig } from './hid-rig.ts';

const [challenge, iac] = delegation() as [Uint8Array, Uint8Array];
const REQUESTS: readonly (readonly [SignRequest, ObjectType])[] = [
  [{ kind: 'delegation', challenge, iac, locale: 'en-US' }, 'authorization'],
  [
    { kind: 'lifecycle', change: changeBytes(), authorization: authorizationBytes(), locale: 'zh-CN' },
    'lifecycle-order',
  ],
  [
    { kind: 'account', change: accountChangeBytes(), authorization: authorizationBytes(), locale: 'en-US' },
    'sub-account-order',
  ],
  [{ kind: 'binding', offer: offerBytes(), locale: 'en-US' }, 'binding-consent'],
];

/** Asks through the cable; the wearer reads every page and holds. */
function askedAndHeld(rig: HidRig, request: SignRequest): SignerAnswer | undefined {
  const answers: SignerAnswer[] = [];
  rig.host.confirm(request, (answer) => answers.push(answer));
  rig.clock.advance(500);
  const pages = rig.soft.display.shown.at(-1)?.count ?? 1;
  rig.clock.advance(pages * 2_500 + 1_500);
  rig.soft.button.press(1_000);
  rig.clock.advance(1_500);
  expect(answers).toHaveLength(1);
  return answers[0];
}

describe('what is confirmed besides payments, through HID', () => {
  it.each(REQUESTS.map(([request, type]) => [request.kind, type, request] as const))(
    '%s gives a signed %s',
    (_kind, type, request) => {
      const rig = new HidRig();
      const answer = askedAndHeld(rig, request);
      if (answer?.kind !== 'signed') throw new Error(JSON.stringify(answer));
      const { value, signer } = openObject(type, answer.signed, { trust: directory.trust, tenant: TENANT });
      expect([signer.party, value]).toEqual([
        DEVICE,
        expect.objectContaining({ counter: 1, method: 'hold-simulated' }),
      ]);
      expect(answer.jsonSignature?.length).toBe(request.kind === 'delegation' ? 64 : undefined);
    },
  );
});
