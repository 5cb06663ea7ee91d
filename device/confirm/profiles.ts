/** The kinds of surface a confirmation can be shown on. The id goes into the view digest, so one id means one geometry for ever. */

/** A character grid: `displayWidth` says how many columns a text takes. */
export interface DisplayProfile {
  readonly id: string;
  /** Columns of one narrow character each; a Chinese character takes two. 0 means that there is no display. */
  readonly columns: number;
  /** Rows that are visible at the same time. 0 means that there is no display. */
  readonly rows: number;
  /** Whether the device also speaks the view; without a display it must. */
  readonly speech: boolean;
}

export const PROFILES = {
  /**
   * The viewport of today's glasses, 480 × 640 px. A Chinese glyph of 40 × 40 px is the smallest that reads well in
   * daylight, so a column is 20 px (480 / 20 = 24) and a row is 40 px plus 5 px of leading (640 / 45 = 14, 10 px spare).
   */
  'hud-480x640': { id: 'hud-480x640', columns: 24, rows: 14, speech: true },
  /** A three-row character display, as on a key fob or a separate signer. */
  'oled-3': { id: 'oled-3', columns: 20, rows: 3, speech: false },
  /** A paired phone in portrait orientation. */
  phone: { id: 'phone', columns: 32, rows: 18, speech: false },
  /** A speaker: everything is said, nothing is shown. */
  voice: { id: 'voice', columns: 0, rows: 0, speech: true },
} as const satisfies Record<string, DisplayProfile>;

export type ProfileId = keyof typeof PROFILES;
