export function withTables(spec: string): string {
  return spec;
}
