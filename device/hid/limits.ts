/** The numbers of ACT-HID (ACT-HID.md §2): sizes, times and how many of each thing there may be. */

/** The version spoken here, and the oldest one spoken with (T20). */
export const HID_VERSION = 1;
export const HID_VERSION_FLOOR = 1;

/** The channel on which channels are asked for. */
export const BROADCAST = 0xffff_ffff;
export const NONCE_BYTES = 8;
/** Channels of one link at the signer. The one that was not used for the longest time gives way. */
export const MAX_CHANNELS = 8;

/** A sealed request in its longest form: 8 bytes of number, 4,096 of CBOR padded to the next size, 16 of tag. */
export const MESSAGE_MAX_BYTES = 4_376;
/** Sealed messages come in multiples of this, so that a signature looks like a refusal. */
export const PADDING_BYTES = 256;

/** From the first report of a message to its last. */
export const ASSEMBLY_MS = 500;
/** From one KEEPALIVE to the next, while the signer is busy with a request. */
export const KEEPALIVE_MS = 100;
/** A host that has heard nothing for so long, while it waits, asks again. */
export const SILENCE_MS = 1_000;
/** How often it asks again before it gives the session up. */
export const RESENDS = 2;
/** Answers that a session keeps for a host that asks again. */
export const ANSWERS_KEPT = 8;
/** From one sign of life of the host to the next, while a prompt is open. */
export const ALIVE_MS = 500;
/** A prompt whose host gave no sign of life for so long is void: HID does not tell a device that its host has gone. */
export const HOST_SILENCE_MS = 2_000;
/** The longest a host waits for an answer at all, KEEPALIVEs or not: with the wearer, and without. */
export const ASKING_MAX_MS = 600_000;
export const DOING_MAX_MS = 5_000;
/** How long a request waits for a signer that is not there, or has just gone. */
export const RECONNECT_MS = 3_000;
/** The least time between two winks. */
export const WINK_MS = 1_000;

/** Hosts that a signer knows. Pairing one more makes it forget the one that was paired first. */
export const MAX_HOSTS = 8;
/** Digits that the wearer compares. */
export const CODE_DIGITS = 6;
