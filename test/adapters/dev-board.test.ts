import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DevBoard, openDevBoard } from '../../device/examples/dev-board.ts';
import { createSignerCore, type SignerAnswer } from '../../device/index.ts';
import { openObject, softSigningKey } from '../../protocol/index.ts';
import { memoryDisk } from '../../sim/memory-journal.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { buttonContract } from '../contracts/button.contract.ts';
import { watching } from '../contracts/contract.ts';
import { displayContract } from '../contracts/display.contract.ts';
import { cartBytes, challengeBytes, DEVICE, directory, PSP, SIGNER_SEED, START, TENANT } from '../device/builders.ts';
import { logList, machine } from './device-stand.ts';

const BLANK = '\u001b[H\u001b[2J';

/** The example on a machine of its own: a chip, a gpiomon that prints what it is told to, a file for a console. */
function makeBoard() {
  const stand = machine({ isCharacter: true, major: 254, minor: 0, mode: 0o660 });
  stand.plug('platform/soc/gpio/gpiochip0');
  const lines = stand.pipe('lines');
  const program = stand.program(
    'gpiomon',
    `[ "$1" = --version ] && echo v2.2 && exit
while read -r line && [ "$line" != end ]; do echo "$line"; done < ${lines.path}`,
  );
  const oledFile = join(stand.path, 'tty');
  writeFileSync(oledFile, '');
  const devicePath = join(stand.path, 'sys/devices/platform/soc/gpio');
  const log = logList();
  const board = openDevBoard({
    log,
    button: { chip: 'gpiochip0', line: 4, devicePath, activeLow: true, bias: 'pull-up' },
    oledFile,
    gpio: { system: stand.system, program },
  });
  const { happened, until } = watching();
  const told: string[] = [];
  const hear = (what: string) => {
    told.push(what);
    happened();
  };
  board.button.listen(hear, () => hear('lost'));
  const line = (text: string) => {
    const before = told.length;
    lines.write(Buffer.from(`${text}\n`));
    return until(() => told.length > before);
  };
  /** The rows of the console; none when it is blank. */
  const rows = () => readFileSync(oledFile, 'utf8').split(BLANK).at(-1)?.split('\r\n') ?? [];
  return {
    ...board,
    stand,
    oledFile,
    rows,
    press: () => line('1 4'),
    release: () => line('2 4'),
    lose: () => line('end'),
    dispose() {
      board.close();
      stand.remove();
    },
  };
}

buttonContract.holdsFor('the board of the example', makeBoard);
displayContract.holdsFor('the board of the example', () => {
  const made = makeBoard();
  return {
    ...made,
    seen() {
      const [title = '', ...lines] = made.rows();
      return title === '' ? undefined : { title, lines };
    },
  };
});

describe('the board of the example', () => {
  let made: ReturnType<typeof makeBoard> & DevBoard;
  beforeEach(() => {
    made = makeBoard();
    const said = join(made.stand.path, 'said');
    made.stand.program('espeak-ng', `cat >> ${said}`);
    vi.stubEnv('PATH', `${made.stand.path}${delimiter}${process.env.PATH}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    made.dispose();
  });

  /** A signer with the board's surfaces and a clock in the test's hand. */
  function signing() {
    const clock = new VirtualClock(START);
    const answers: SignerAnswer[] = [];
    const { button, display, speaker, profile } = made;
    const signer = createSignerCore({
      key: softSigningKey(SIGNER_SEED),
      device: DEVICE,
      psp: PSP,
      directory,
      clock,
      journal: memoryDisk().open(),
      log: logList(),
      ...{ button, display, speaker, profile },
    });
    const request = { kind: 'payment', challenge: challengeBytes(), cart: cartBytes(), locale: 'en-US' } as const;
    const confirm = () => signer.confirm(request, (answer) => answers.push(answer));
    /** Reads every page. */
    const look = () => {
      const pages = [made.rows()];
      for (let waited = 0; waited < 40; waited++) {
        clock.advance(500);
        if (made.rows().join() !== pages.at(-1)?.join()) pages.push(made.rows());
        if (pages.at(-1)?.[0]?.endsWith(`${pages.length}/${pages.length}`)) break;
      }
      clock.advance(1_500);
      return pages;
    };
    return { clock, answers, confirm, look };
  }

  it('T9: shows amount and payee whole, and signs after a hold that the button was a hardware line', async () => {
    const { clock, answers, confirm, look } = signing();
    confirm();
    const [first = []] = look();
    expect(first.slice(1)).toEqual(['Total CNY 24.80', 'To Luna Otter Coffee']);
    await made.press();
    clock.advance(1_000);
    await made.release();
    const [answer] = answers;
    if (answer?.kind !== 'signed') throw new Error(`not signed: ${JSON.stringify(answer)}`);
    const { value } = openObject('confirmation', answer.signed, { trust: directory.trust, tenant: TENANT });
    expect(value.method).toBe('hold-hardware-line');
    expect(made.rows()).toEqual(['']);
  });

  it('T10: signs nothing when the line breaks in the middle of the hold, and asks nothing afterwards', async () => {
    const { clock, answers, confirm, look } = signing();
    confirm();
    look();
    await made.press();
    clock.advance(500);
    await made.lose();
    clock.advance(5_000);
    confirm();
    clock.advance(60_000);
    expect(answers).toEqual([
      { kind: 'void', reason: 'button-lost' },
      { kind: 'void', reason: 'button-lost' },
    ]);
  });

  it('speaks', async () => {
    made.speaker.say('Pay 24.80 yuan', 'en-US');
    await vi.waitUntil(() => {
      try {
        return readFileSync(join(made.stand.path, 'said'), 'utf8') === 'Pay 24.80 yuan';
      } catch {
        return false;
      }
    });
  });

  it('does not start without its display, and lets go of the button', () => {
    const { stand } = made;
    const devicePath = join(stand.path, 'sys/devices/platform/soc/gpio');
    const button = { chip: 'gpiochip0', line: 4, devicePath, activeLow: true, bias: 'pull-up' } as const;
    const gpio = { system: stand.system, program: join(stand.path, 'gpiomon') };
    const log = logList();
    const open = (oledFile: string) => openDevBoard({ log, button, oledFile, gpio });
    expect(() => open(join(stand.path, 'absent/tty'))).toThrow(/^hardware-failed: .*ENOENT/);
    // A console that takes nothing.
    expect(() => open('/dev/full')).toThrow(/^hardware-failed: .*ENOSPC/);
    expect(log.codes).toEqual([]);
  });
});
