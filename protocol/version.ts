/** The name and version of this binding; both are signed into every frame and object (T20). */
export const PROFILE = 'act-edge';
/** Raised when a reader of the previous version could misread a frame. Frames below {@link PROFILE_FLOOR} are refused. */
export const PROFILE_VERSION = 1;
/** The lowest version that is still accepted. It never goes down. */
export const PROFILE_FLOOR = 1;
