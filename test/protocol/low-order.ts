/**
 * The points of low order of Curve25519, in all spellings of 32 bytes: on them every X25519 agreement gives zero
 * (RFC 7748 §6.1). The last ones are the first ones beyond p, or with the bit set that X25519 ignores.
 */
const CANONICAL = [
  '0000000000000000000000000000000000000000000000000000000000000000', // 0, order 4
  '0100000000000000000000000000000000000000000000000000000000000000', // 1
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', // order 8
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157', // order 8
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p − 1, order 2
];
const BEYOND_P = [
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p + 1
];
const spellings = [...CANONICAL, ...BEYOND_P];
const withTopBit = spellings.map((point) => {
  const last = Number.parseInt(point.slice(-2), 16) | 0x80;
  return point.slice(0, -2) + last.toString(16);
});

export const LOW_ORDER_X25519: readonly string[] = [...spellings, ...withTopBit];
