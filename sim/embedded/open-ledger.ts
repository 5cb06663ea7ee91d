import { DeviceError } from '../../device/errors.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import type { LedgerStore } from '../ledger/store.ts';
import { postgresLedger } from './postgres-ledger.ts';
import { sqliteLedger } from './sqlite-ledger.ts';

/**
 * The one setting of the ledger: `memory:`, `sqlite:FILE`, or a `postgres://` URL.
 * @throws DeviceError `config-invalid` for anything else, StoreError `store-failed` where the store cannot be opened.
 */
export function openLedger(setting: string): LedgerStore {
  if (setting === 'memory:') return memoryLedger();
  const [scheme = '', ...rest] = setting.split(':');
  if (scheme === 'sqlite' && rest.join(':') !== '') return sqliteLedger(rest.join(':'));
  if (scheme === 'postgres' || scheme === 'postgresql') return postgresLedger(setting);
  // The setting may hold a password.
  throw new DeviceError('config-invalid', 'the ledger setting is none', 'write memory:, sqlite:FILE or postgres://…');
}
