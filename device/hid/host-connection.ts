/** One attached device, from the link to a session: opened, tried again where that can help, and lost with the link. */

import type { IdentityKey } from './handshake.ts';
import { HostChannel, type HostPorts } from './host-channel.ts';
import { type HostFault, openSession } from './host-handshake.ts';
import { HostSession } from './host-session.ts';
import { RESENDS } from './limits.ts';
import type { ReportLink } from './report-link.ts';

export interface ConnectionParts extends HostPorts {
  readonly key: IdentityKey;
  /** The identity key of the signer this host is paired with. */
  readonly signer: Uint8Array;
  readonly onOpen: (connection: Connection) => void;
  /** There is no session now, for this reason; the link may be there still. */
  readonly onFault: (connection: Connection, fault: HostFault) => void;
}

/** A lost report is worth another try at once; all else waits until something is asked of the signer again. */
const WORTH_ANOTHER_TRY: ReadonlySet<HostFault> = new Set(['signer-timed-out', 'signer-busy']);

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #link: ReportLink;
  readonly #channel: HostChannel;
  #session: HostSession | undefined;
  #isOpening = false;
  #isClosed = false;

  constructor(link: ReportLink, parts: ConnectionParts) {
    this.#parts = parts;
    this.#link = link;
    this.#channel = new HostChannel(link, parts);
  }

  get session(): HostSession | undefined {
    return this.#session;
  }

  /** Opens a session, unless one is open or being opened. */
  open(triesMore = RESENDS): void {
    if (this.#isOpening || this.#session || this.#isClosed) return;
    this.#isOpening = true;
    openSession(this.#channel, this.#parts, this.#parts, (outcome) => {
      this.#isOpening = false;
      if (this.#isClosed) return;
      if (!outcome.ok) {
        if (WORTH_ANOTHER_TRY.has(outcome.fault) && triesMore > 0) this.open(triesMore - 1);
        else this.#parts.onFault(this, outcome.fault);
        return;
      }
      const { clock } = this.#parts;
      const onLost = (fault: HostFault) => {
        this.#session = undefined;
        if (!this.#isClosed) this.#parts.onFault(this, fault);
      };
      this.#session = new HostSession({ channel: this.#channel, secure: outcome.secure, clock, onLost });
      this.#parts.onOpen(this);
    });
  }

  /** Lets the device go; what is still asked of it fails. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#session?.end('signer-gone');
    this.#channel.close();
    this.#link.close();
  }
}
