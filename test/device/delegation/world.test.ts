/** The device with its real signer, against the PSP, the agent and the merchants of the simulator. */
import { describe, expect, it } from 'vitest';
import type { Delegation } from '../../../device/delegation/state.ts';
import { isHeld } from '../../../device/delegation/state.ts';
import type { Ear } from '../../../device/index.ts';
import { createTenant } from '../../../sim/cloud/index.ts';
import { MemoryBroker } from '../../../sim/memory-broker.ts';
import type { RunningDevice } from '../../../sim/running-device.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { DEMO_START, World } from '../../../sim/world.ts';

const TENANT = createTenant(new Uint8Array(32).fill(9));
/** The ear hears what the test says, when it says it. */
const DEAF: Ear = { listen: () => () => {} };

class Scene {
  readonly clock = new VirtualClock(DEMO_START);
  readonly world: World;
  readonly said: string[] = [];
  device: RunningDevice;

  constructor(locale: 'en-US' | 'zh-CN' = 'en-US') {
    const net = new MemoryBroker(this.clock);
    this.world = new World({ seed: 'delegations', clock: this.clock, net, tenant: TENANT, locale, minuteMs: 1_000 });
    this.device = this.#boot();
    for (let i = 0; i < 10_000 && !this.world.isReady; i += 1) this.clock.step();
  }

  #boot(): RunningDevice {
    const device = this.world.startDevice(() => DEAF);
    device.speaker.listen((text) => this.said.push(text));
    return device;
  }

  say(text: string): this {
    this.device.agent.hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
    this.clock.advance(1_000);
    return this;
  }

  /** Reads to the last page and holds. */
  hold(): this {
    for (let i = 0; i < 60; i += 1) {
      const { current } = this.device.display;
      if (!current || current.index >= current.count - 1) break;
      this.clock.advance(2_500);
    }
    this.clock.advance(1_500);
    this.device.button.press(1_000);
    this.clock.advance(1_500);
    return this;
  }

  crash(): this {
    this.world.kill(TENANT.devices[0]?.device ?? '');
    this.device = this.#boot();
    this.clock.advance(5_000);
    return this;
  }

  get only(): Delegation | undefined {
    return [...this.device.agent.delegations.values()][0];
  }

  get where(): string {
    return this.only?.at ?? 'none';
  }

  get held() {
    const one = this.only;
    if (!one || !isHeld(one)) throw new Error(`it is ${one?.at}; ${this.said.join(' | ')}`);
    return one;
  }
}

/** From the wish to the hold. */
function delegate(scene: Scene, words: string, yes = 'yes'): void {
  scene.say(words);
  expect([scene.where, scene.said]).toEqual(['summarising', [expect.anything()]]);
  scene.say(yes).hold();
  scene.clock.advance(5_000);
}

describe('a delegation in the whole world', () => {
  it('buys what was named once, tells it by receipt, and is given back by the agent when it is done', () => {
    const scene = new Scene();
    delegate(
      scene,
      'get me two concert tickets when they go on sale, at most 1,280 each, only from Damai, until Sunday',
    );
    expect(scene.said.slice(-4)).toEqual([
      'concert ticket is set up.',
      expect.stringMatching(/^concert ticket: paid \d+\.\d\d yuan to Damai, \d+\.\d\d yuan left\.$/),
      'concert ticket: the agent says that it is done.',
      'The payment service says: concert ticket is stopped for good; it pays nothing more.',
    ]);
    expect(scene.held.sums).toMatchObject({ count: 1, strays: 0, spentMinor: scene.held.status?.spentMinor });
  });

  it('buys each weekday within the limits, over a crash of the device, until a voice and a hold stop it', () => {
    const scene = new Scene();
    delegate(scene, 'every weekday before nine order an iced latte, at most 30 a day, for four weeks');
    expect(scene.where).toBe('active');
    scene.clock.advance(26 * 3_600_000);
    expect(scene.held.sums.count).toBe(1);
    scene.crash();
    scene.clock.advance(24 * 3_600_000);
    expect(scene.held.sums).toMatchObject({ count: 2, strays: 0 });
    expect(scene.held.sums.spentMinor).toBeLessThanOrEqual(6_000);
    scene.say('cancel the iced latte').hold();
    scene.clock.advance(3_000);
    expect([scene.where, scene.said.at(-1)]).toEqual([
      'revoked',
      'iced latte: stopped for good; it pays nothing more.',
    ]);
    scene.clock.advance(72 * 3_600_000);
    expect(scene.held.sums.count).toBe(2);
  });

  it('is set up, paused and resumed in Chinese', () => {
    const scene = new Scene('zh-CN');
    delegate(scene, '以后每个工作日九点前帮我点一杯冰拿铁，每天最多三十块，四周内', '好的');
    expect([scene.where, scene.said.at(-1)]).toEqual(['active', '冰拿铁的委托已生效。']);
    scene.say('全部暂停').hold();
    scene.clock.advance(3_000);
    expect([scene.where, scene.said.at(-1)]).toEqual(['suspended', '冰拿铁：已暂停。']);
    scene.clock.advance(26 * 3_600_000);
    expect(scene.held.sums.count).toBe(0);
    scene.say('恢复冰拿铁').hold();
    scene.clock.advance(3_000);
    expect([scene.where, scene.said.at(-1)]).toEqual(['active', '冰拿铁：已恢复。']);
  });

  it('fills the account of a report up, within its bounds, over a crash of the device at every step', () => {
    const scene = new Scene();
    delegate(scene, 'prepare the market report, spend at most 50 on data, start with 20, until friday');
    expect([scene.where, scene.held.sums.spentMinor]).toEqual(['active', 2_000]);
    expect(scene.said).toContain('market report: the agent says that its account holds too little.');
    scene.say("how much is in the report's account").crash();
    expect(scene.held.account?.known).toMatchObject({ state: 'AVAILABLE', balanceMinor: 0, version: 0 });
    scene.say("put 25 yuan into the report's account").crash();
    expect(scene.held.account?.errand).toBeUndefined();
    scene.say("put 25 yuan into the report's account").hold().crash();
    expect(scene.said).toContain(
      '25.00 yuan were put into the account of market report. The account of market report holds 25.00 yuan.',
    );
    scene.crash().clock.advance(30_000);
    expect(scene.held.sums).toMatchObject({ count: 3, spentMinor: 4_500, strays: 0 });
    expect(scene.where).toBe('revoked');
    expect(scene.world.cloud.psp.delegations.wallet(TENANT.devices[0]?.device ?? '', 'CNY')).toBe(1_000_000 - 4_500);
  });

  it('freezes and closes the account by a word; the agent buys nothing, and what it held goes back', () => {
    const scene = new Scene();
    delegate(scene, 'prepare the market report, spend at most 50 on data, start with 20, until friday');
    scene.say("freeze the report's account").crash();
    expect(scene.said.at(-1)).toBe(
      'The account of market report is frozen and pays nothing. The account of market report holds 0.00 yuan.',
    );
    scene.say("put 25 yuan into the report's account");
    expect(scene.said.at(-1)).toMatch(
      /^market report: nothing was put into its account. .* is frozen and pays nothing/,
    );
    scene.say("close the report's account").crash();
    scene.clock.advance(24 * 3_600_000);
    expect(scene.held.sums.spentMinor).toBe(2_000);
    expect(scene.held.account?.known?.state).toBe('CANCELLED');
  });
});
