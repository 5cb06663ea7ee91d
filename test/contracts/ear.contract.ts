import { expect } from 'vitest';
import type { Ear, EarEvent, ListenFor } from '../../device/listening.ts';
import { contract } from './contract.ts';

export interface EarStand {
  readonly ear: Ear;
  readonly request: ListenFor;
  /** Somebody says something that can be understood, and enough time passes for it to be. */
  speak(): void;
  /** Much longer than anybody waits passes in silence. */
  wait(): void;
  /** Whether it tells whoever listens; an ear that hands its words elsewhere never does. */
  readonly isTelling: boolean;
}

const WORDS = { kind: 'words' };

/** What one listening is told. */
function listen({ ear, request }: EarStand): { readonly heard: EarEvent[]; readonly stop: () => void } {
  const heard: EarEvent[] = [];
  return { heard, stop: ear.listen(request, (event) => heard.push(event)) };
}

export const earContract = contract<EarStand>('Ear', {
  'tells nothing before somebody speaks': (stand) => {
    expect(listen(stand).heard).toEqual([]);
  },

  'tells words at most once, however much is said': (stand) => {
    const { heard } = listen(stand);
    stand.speak();
    stand.speak();
    stand.wait();
    expect(heard).toMatchObject(stand.isTelling ? [WORDS] : []);
  },

  'tells at most once that nobody spoke, and not words after that': (stand) => {
    const { heard } = listen(stand);
    stand.wait();
    stand.wait();
    const told = heard.length;
    stand.speak();
    expect(told).toBeLessThanOrEqual(1);
    expect(heard).toHaveLength(stand.isTelling ? 1 : 0);
  },

  'T28: tells nothing after Stop, and may be stopped twice': (stand) => {
    const { heard, stop } = listen(stand);
    stop();
    stop();
    stand.speak();
    stand.wait();
    expect(heard).toEqual([]);
  },

  'hears again when it is opened again': (stand) => {
    for (let turn = 0; turn < 3; turn++) {
      const { heard, stop } = listen(stand);
      stand.speak();
      stop();
      expect(heard).toMatchObject(stand.isTelling ? [WORDS] : []);
    }
  },

  'ends an earlier listening: only the later one is told, also when nobody speaks': (stand) => {
    const first = listen(stand);
    const second = listen(stand);
    stand.speak();
    expect([first.heard.length, second.heard.length]).toEqual([0, stand.isTelling ? 1 : 0]);
    const third = listen(stand);
    const fourth = listen(stand);
    stand.wait();
    fourth.stop();
    expect([first.heard.length, third.heard.length]).toEqual([0, 0]);
  },

  'stops a listening that is over without touching the one that is open': (stand) => {
    const first = listen(stand);
    const second = listen(stand);
    first.stop();
    stand.speak();
    first.stop();
    expect([first.heard.length, second.heard.length]).toEqual([0, stand.isTelling ? 1 : 0]);
  },
});
