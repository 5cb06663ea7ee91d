/** @param account its name at the PSP; that of the device where its wearer has no other. */
export function wearerAccount(account: string): string {
  return `wearer:${account}`;
}

export function merchantAccount(merchant: string): string {
  return `merchant:${merchant}`;
}
