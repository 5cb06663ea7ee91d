/** Vectors of frames: one of each type, without its optional fields, and wrong in the ways every type can be wrong. */
import type { ProtocolErrorCode } from '../../protocol/errors.ts';
import { FRAMES, type FrameType, fromHex, hex, type Message, sealFrame } from '../../protocol/index.ts';
import { addressOf, BODIES, idOf, NOW, SESSION, sampleFrame } from '../fuzz-samples.ts';
import { frameFaults } from './frame-faults.ts';
import { FRAME_TYPES, frameWith, keyFor, opened, payloadOf, readerOf } from './frame-parts.ts';
import { shortened } from './shortened.ts';
import { spoilt, type Vector } from './vector.ts';

function signedBody(type: FrameType, body: object): Uint8Array {
  const life = { iat: NOW, lifetimeS: 60, cti: idOf(`frame ${type}`) };
  return sealFrame({ type, body } as Message, addressOf(type), life, keyFor(type));
}

function validOf(type: FrameType): Vector[] {
  const reader = readerOf(type);
  const short: object = shortened(FRAMES[type].body, BODIES[type]);
  const extended = frameWith(type, { payload: new Map([...payloadOf(type), [-1, 'later'], [-300, [1, null]]]) });
  const vector = (name: string, proves: string[], bytes: Uint8Array, body: unknown): Vector => {
    return { name: `${type}: ${name}`, proves, input: hex(bytes), ...reader, decoded: opened(type, body) };
  };
  return [
    vector('a frame', ['ACTC-FRM-001', 'ACTC-FRM-002', 'ACTC-MSG-002'], sampleFrame(type), BODIES[type]),
    ...(short === BODIES[type]
      ? []
      : [vector('without its optional fields', ['ACTC-MSG-001'], signedBody(type, short), short)]),
    vector('with extensions', ['ACTC-VER-003'], extended, BODIES[type]),
  ];
}

function invalidOf(type: FrameType): Vector[] {
  const reader = readerOf(type);
  const body = payloadOf(type);
  const [first] = body.keys();
  const { to, tenant, session } = addressOf(type);
  const otherTyp = FRAMES[type].typ === 41 ? 40 : 41;
  const aad = ['act-edge', 1, 'frame', otherTyp, to.role, tenant, fromHex(session)];
  const without = new Map([...body].filter(([key]) => key !== first));
  const otherSession = session === SESSION ? 'ffffffffffffffff' : SESSION;
  const cases: readonly (readonly [string, ProtocolErrorCode, string, Uint8Array, object?])[] = [
    ['a bit of the signature flipped', 'cose-signature', 'ACTC-COS-006', spoilt(sampleFrame(type))],
    ['signed as another type', 'cose-signature', 'ACTC-FRM-004', frameWith(type, { aad })],
    ['read in another session', 'cose-signature', 'ACTC-FRM-010', sampleFrame(type), { session: otherSession }],
    ['a required field missing', 'message-shape', 'ACTC-MSG-001', frameWith(type, { payload: without })],
    ['an unknown key', 'message-shape', 'ACTC-MSG-001', frameWith(type, { payload: new Map([...body, [99, 1]]) })],
    ['too late', 'frame-expired', 'ACTC-FRM-007', sampleFrame(type), { now: NOW + 90 }],
    ['cut short', 'cbor-truncated', 'ACTC-CBR-008', sampleFrame(type).slice(0, -1)],
  ];
  return cases.map(([name, code, proves, bytes, changes = {}]) => {
    return { name: `${type}: ${name}`, proves: [proves], input: hex(bytes), ...reader, ...changes, code };
  });
}

/** `input`: a frame; `receiver`, `session`, `now`: who reads it when; `decoded`: what it then knows. */
export function frameVectors(): Vector[] {
  return [...FRAME_TYPES.flatMap((type) => [...validOf(type), ...invalidOf(type)]), ...frameFaults()];
}
