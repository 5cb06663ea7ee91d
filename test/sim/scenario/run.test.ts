import { describe, expect, it } from 'vitest';
import { perform, readScenario, runScenario, Stage } from '../../../sim/scenario/index.ts';
import { read } from '../../helpers/source-text.ts';

const ORDER =
  '  - say: order me a large iced latte, less sugar, under 25 yuan\n  - say: "yes"\n  - say: the second one\n';

function play(steps: string, expected = 'expect: {}', head = '') {
  const [row] = readScenario('some.yaml', `scenario: A claim\n${head}steps:\n${steps}${expected}\n`);
  if (!row) throw new Error('no row');
  return runScenario(row).result;
}

/** Why a scenario fell short, in one text. */
function fallsShort(...parts: Parameters<typeof play>): string {
  const { ok, steps, failures } = play(...parts);
  expect(ok).toBe(false);
  return [...steps.flatMap(({ problem }) => problem ?? []), ...failures].join('\n');
}

describe('a step that waits in vain', () => {
  it.each([
    ['  - hear: never said\n    within: 1 s\n', /has not said “never said”.*nothing.*idle/],
    ['  - see: never shown\n    within: 1 s\n', /has not shown “never shown”/],
    ['  - wait: confirming\n', /does not get to confirming; the purchase stands at idle/],
    ['  - sent: intent\n', /nobody has sent a intent/],
    ['  - refusal: closed\n', /nobody has refused with closed/],
    ['  - hold\n', /no confirmation was presented as a whole/],
    ['  - crash: somebody\n', /nobody here is called somebody/],
    ['  - full-disk: somebody\n', /nobody here is called somebody/],
    ['  - use-disks: never kept\n', /no disks were kept as never kept/],
    ['  - sell-out: { shop: luna-coffee, item: moon }\n', /no shop luna-coffee has moon/],
    ['  - replay: receipt\n', /no receipt was sent so far/],
    ['  - forge: { frame: cart }\n', /no cart was sent so far/],
    ['  - psp: unlocks\n  - psp: retires\n  - psp: unlocks\n', /the PSP answers device-retired/],
  ])('says what it waited for: %s', (steps, problem) => {
    expect(fallsShort(steps)).toMatch(problem);
  });

  it('ends the scenario: nothing after it is played, and nothing is expected any more', () => {
    const { steps, failures } = play('  - wait: confirming\n  - hold\n', 'expect: { debits: 1 }');
    expect(steps).toHaveLength(1);
    expect(failures).toEqual([]);
  });
});

describe('what is seen and heard', () => {
  it('counts since the wearer last did something', () => {
    const twice = `${ORDER}  - hold\n  - hear: Paid\n${ORDER}  - hear: Paid\n    within: 20 s\n`;
    expect(fallsShort(twice)).toMatch(/has not said “Paid”/);
  });
});

describe('a lie that the protocol cannot say', () => {
  it.each([
    ['rewrite: { frame: offers, set: { nothing.like.it: 1 } }', /there is no field nothing/],
    ['rewrite: { frame: offers, inside: cart, set: { totalMinor: 1 } }', /a offers carries no cart/],
    ['rewrite: { frame: offers, set: { "offers[0].totalMinor": -1 } }', /the protocol has no such offers/],
  ])('is told instead of being left out: %s', (step, problem) => {
    expect(fallsShort(`  - ${step}\n${ORDER}`)).toMatch(problem);
  });
});

describe('expectations', () => {
  const PAID = `${ORDER}  - hold\n`;

  it.each([
    ['ending: refused', /ending: expected “refused”, it is “finished: trade-finished”/],
    ['debits: 2', /debits: expected 2, it is 1/],
    ['paid: 18.99', /paid: expected 18\.99, it is 19\.00/],
    ['payee: paper-crane', /payee: expected paper-crane, it is luna-coffee/],
    ['receipt: false', /receipt on the device: expected false/],
    ['signatures: 2', /signatures: expected 2, it is 1/],
    ['counter: 2', /counter: expected 2, it is 1/],
    ['seen: Total CNY 20.00', /never shown: “Total CNY 20\.00”/],
    ['heard: [Paid, moon]', /never said: “moon”/],
    ['never-seen: Total CNY 19.00', /was shown: “Total CNY 19\.00”/],
    ['never-heard: Paid', /was said: “Paid”/],
    ['frames: { confirm: 2 }', /frames of type confirm: expected 2, it is 1/],
    ['refusals: [closed]', /nobody has refused with closed; refusals were: none/],
    ['logged: [store-full]', /the device has not logged store-full/],
    ['breaks: [signedIsHeld]', /breaks: signedIsHeld holds/],
  ])('that do not hold are told: %s', (expected, failure) => {
    const { failures } = play(PAID, `expect: { ${expected} }`);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(failure);
  });

  it('that name no broken invariant do not excuse one', () => {
    const copied = read('sim/scenarios/copied-device.yaml').replace(/ {2}breaks:.*\n/, '');
    const [row] = readScenario('some.yaml', copied);
    const { failures } = row ? runScenario(row).result : { failures: [] };
    expect(failures.join('\n')).toMatch(/broken invariant: signaturesAreSingle/);
  });
});

describe('a run', () => {
  it('takes the same course from the same seed, and another from another', () => {
    const [row] = readScenario('some.yaml', read('sim/scenarios/buy-latte.yaml'));
    const hash = (seed: string) => row && runScenario(row, { seed }).result.traceHash;
    expect(hash('one')).toBe(hash('one'));
    expect(hash('one')).not.toBe(hash('two'));
  });

  it('draws what became of each frame', () => {
    const { frames } = play(
      `  - drop: { frame: intent }\n  - delay: { frame: cart, by: 1 s }\n  - duplicate: { frame: offers }\n  - corrupt: { frame: challenge }\n${ORDER}  - hold\n`,
    );
    const fates = new Map(frames.map(({ type, fate }) => [`${type} ${fate}`, true]));
    expect([...fates.keys()]).toEqual(
      expect.arrayContaining([
        'intent dropped',
        'intent sent',
        'cart delayed',
        'offers duplicated',
        'challenge corrupted',
      ]),
    );
  });

  it('step by step throws what a step waited for', () => {
    const stage = new Stage('seed');
    expect(() => perform(stage, { wait: 'confirming' })).toThrow(/does not get to confirming/);
  });
});
