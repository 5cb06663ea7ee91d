/** A paired phone takes no part in a purchase, whatever it does or does not do; only what it proves stops new orders (T27). */
import { describe, expect, it } from 'vitest';
import { DeviceAudit } from '../../device/audit/device-audit.ts';
import { PairedWitness } from '../../device/audit/paired-witness.ts';
import type { Cosigner } from '../../device/ports.ts';
import type { JournalCosignature, NoteSigner } from '../../protocol/index.ts';
import { softSigningKey } from '../../protocol/index.ts';
import { type MemoryDisk, memoryDisk } from '../../sim/memory-journal.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { Rig, rigAfter, STORY } from './agent-rig.ts';
import { START } from './builders.ts';

function signerOf(name: string, fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name, publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const own = signerOf('act-edge/test/glasses-01', 1);
const phone = signerOf('paired-phone', 3);
const QUIET = { write: () => {} };

type Behaviour = 'away' | 'silent' | 'talks nonsense' | 'cosigns at once';

/** A phone that answers inside the call, which no real one can, so that nothing about it could be later than the purchase. */
function phoneThat(behaves: Behaviour, clock: VirtualClock): Cosigner {
  const app = new PairedWitness({ store: memoryDisk().open(), signer: phone, journals: [own], clock, log: QUIET });
  let say: (answer: JournalCosignature) => void = () => {};
  return {
    key: phone,
    offer(checkpoint) {
      const { requestId, note } = checkpoint;
      const answer = app.answer(checkpoint);
      if (behaves === 'cosigns at once' && answer) say(answer);
      if (behaves !== 'talks nonsense') return;
      for (const one of [{ line: '— nobody AAAA\n' }, { newest: note }, { newest: 'nonsense' }, {}])
        say({ requestId, ...one });
    },
    listen(onAnswer, onHere) {
      say = onAnswer;
      onHere(behaves !== 'away');
      return () => {};
    },
  };
}

function rigWith(
  cosignerOf: (clock: VirtualClock) => Cosigner | undefined,
  checkpoints: MemoryDisk = memoryDisk(),
): Rig {
  const clock = new VirtualClock(START);
  const cosigner = cosignerOf(clock);
  return new Rig({ journal: memoryDisk(), transcripts: memoryDisk() }, clock, {}, (journal) => {
    const parts = {
      journal,
      checkpoints: checkpoints.open(),
      signer: own,
      clock,
      random: new SeededRandom('a'),
      log: QUIET,
    };
    return new DeviceAudit({ ...parts, ...(cosigner && { cosigner }) });
  });
}

describe('a purchase beside a paired phone', () => {
  it.each(['away', 'silent', 'talks nonsense', 'cosigns at once'] as const)(
    'does the same things in the same order when the phone is one that %s',
    (behaves) => {
      const alone = rigAfter(
        0,
        rigWith(() => undefined),
      );
      const watched = rigAfter(
        0,
        rigWith((clock) => phoneThat(behaves, clock)),
      );
      for (const { happen, name } of STORY) {
        const expected = alone.during(() => happen(alone));
        expect([name, watched.during(() => happen(watched))]).toEqual([name, expected]);
        alone.clock.advance(1_000);
        watched.clock.advance(1_000);
      }
      expect(watched.state.at).toBe('ended');
      expect(watched.disks.journal.image()).toEqual(alone.disks.journal.image());
    },
  );
});
