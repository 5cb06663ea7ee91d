import { expect } from 'vitest';
import type { Page } from '../../device/confirm/view.ts';
import type { Display } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface DisplayStand {
  readonly display: Display;
  /** What a person sees now: the page's title and lines; `undefined` when there is no page. */
  seen(): { readonly title: string; readonly lines: readonly string[] } | undefined;
}

const page = (title: string, ...lines: string[]): Page => ({ title, lines, index: 0, count: 1 });

export const displayContract = contract<DisplayStand>('Display', {
  'shows nothing until it is told to': ({ seen }) => {
    expect(seen()).toBeUndefined();
  },

  'T9: shows every line of a page, in order, whole, and its title': ({ display, seen }) => {
    const lines = ['CNY 24.80', '瑞幸咖啡', '', 'x'.repeat(200), '拿铁 ×1'];
    display.show(page('Confirm', ...lines));
    expect(seen()).toEqual({ title: 'Confirm', lines });
  },

  'T6: shows one page at a time: the next one replaces it': ({ display, seen }) => {
    display.show(page('1', 'CNY 1.00', 'one', 'two'));
    display.show(page('2', 'CNY 2.00'));
    expect(seen()).toEqual({ title: '2', lines: ['CNY 2.00'] });
  },

  'takes the page away when cleared, also twice, and shows the next one then': ({ display, seen }) => {
    display.clear();
    display.show(page('1', 'one'));
    display.clear();
    expect(seen()).toBeUndefined();
    display.clear();
    expect(seen()).toBeUndefined();
    display.show(page('2', 'two'));
    expect(seen()).toEqual({ title: '2', lines: ['two'] });
  },
});
