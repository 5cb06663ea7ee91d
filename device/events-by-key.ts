/** What tells the events of a state machine apart: their kind, or the type of the frame that came. */
export type EventsByKey<Event extends { readonly kind: string }> = {
  readonly [E in Exclude<Event, { kind: 'frame' }> as E['kind']]: E;
} & {
  readonly [F in FrameOf<Event> as F['type']]: F;
};
type FrameOf<Event> = Event extends {
  readonly kind: 'frame';
  readonly frame: infer F extends { readonly type: string };
}
  ? F
  : never;
