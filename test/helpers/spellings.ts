/** Every way in which a secret could stand in a file: as it is, in hex, in base64 of either alphabet at any offset, as a list of numbers. */
export function spellingsOf(secret: Uint8Array): readonly Buffer[] {
  const raw = Buffer.from(secret);
  const hex = raw.toString('hex');
  const base64 = [0, 1, 2].flatMap((offset) => {
    const around = Buffer.concat([Buffer.alloc(offset), raw]);
    // The first and the last letter also depend on the neighbours of the secret, which nobody knows.
    const [from, to] = [Math.ceil((offset * 8) / 6), Math.floor((around.length * 8) / 6)];
    return (['base64', 'base64url'] as const).map((alphabet) => around.toString(alphabet).slice(from, to));
  });
  const texts = [hex, hex.toUpperCase(), ...base64, raw.join(','), raw.join(', ')];
  return [raw, ...texts.map((text) => Buffer.from(text))];
}

/** Whether `bytes` hold the secret, however it is spelt. */
export function holds(bytes: Uint8Array, secret: Uint8Array): boolean {
  const held = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return spellingsOf(secret).some((spelling) => held.includes(spelling));
}
