import { createRequire } from 'node:module';

/** Whether the optional package `libsql` has a binary for this machine; without it the tests that need it are skipped, and say so. */
export const hasLibsql = (() => {
  try {
    createRequire(import.meta.url)('libsql');
    return true;
  } catch {
    console.warn('libsql is not installed: tests of the ledger in SQLite are skipped');
    return false;
  }
})();
