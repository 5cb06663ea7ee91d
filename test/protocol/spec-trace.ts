/** Requirements that tests of other parts prove, by the file and the title of one of them. A title that changes has to change here, too. */
export const PROVED_ELSEWHERE: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'ACTC-MSG-004': ['test/device/purchase/step.test.ts', 'T5: a frame about another request changes nothing'],
  'ACTC-MSG-005': [
    'test/device/purchase/settling.test.ts',
    'never leads to a second payment request or a second confirmation: "awaiting" gets the same bytes again',
  ],
  'ACTC-MSG-006': [
    'test/sim/cloud/psp.test.ts',
    'T2: refuses other content under a used request id, and ends the request that used it first',
  ],
  'ACTC-MSG-007': [
    'test/device/agent.test.ts',
    'the bytes a broker library reuses afterwards are not the bytes the device keeps (T12)',
  ],
  'ACTC-MSG-008': [
    'test/device/purchase/following.test.ts',
    'never lead backwards or nowhere: exactly the reachable states are accepted from each',
  ],
  'ACTC-MSG-009': [
    'test/sim/cloud/psp-binding.test.ts',
    'names who asks before the agent, the agent before the account, the account before its limits',
  ],
  'ACTC-MSG-010': ['test/sim/cloud/psp-binding.test.ts', 'T5: with a consent of %s'],
  'ACTC-MSG-011': ['test/sim/world/binding.test.ts', 'T4: takes no token that nobody consented to: %s'],
  'ACTC-MSG-012': [
    'test/sim/cloud/psp-binding.test.ts',
    'T14: promises no more than its total to payments that are open together, and none twice',
  ],
  'ACTC-MSG-013': [
    'test/sim/cloud/psp-locks.test.ts',
    'T17: refuses everything of the device from when it is acknowledged, and ends what is open',
  ],
  'ACTC-MSG-014': ['test/device/agent-locks.test.ts', 'T30: reaches the signer although the device can store nothing'],
  'ACTC-DEL-005': [
    'test/sim/cloud/psp-delegation.test.ts',
    'T6: is refused where it is not the draft that was challenged',
  ],
  'ACTC-DEL-006': [
    'test/sim/cloud/psp-delegation.test.ts',
    'T5: hears of it as its device and as its agent, and nobody else does',
  ],
  'ACTC-DEL-007': [
    'test/sim/cloud/psp-delegation-changes.test.ts',
    'T17: acknowledges no revocation that the ledger has not taken, and every one that it has',
  ],
  'ACTC-DEL-008': [
    'test/sim/cloud/psp-spending-order.test.ts',
    'names %s before whatever comes after it in ACT’s order',
  ],
  'ACTC-DEL-009': [
    'test/sim/cloud/psp-spending-terms.test.ts',
    'is paid for a thing in its window only, and only where its time is told',
  ],
  'ACTC-DEL-010': ['test/sim/cloud/psp-spending.test.ts', 'T14: count what is promised and not known yet'],
  'ACTC-DEL-011': ['test/sim/agent/payments.test.ts', 'T2: is sent once for one cart, however long the PSP is silent'],
  'ACTC-DEL-012': ['test/sim/cloud/psp-notices.test.ts', 'is sent again, with doubling waits, until it is kept'],
  'ACTC-DEL-013': [
    'test/device/delegation/spending.test.ts',
    'T13 T14: a payment outside the bounds is kept as evidence, told loudly, and the press to pause is asked for',
  ],
  'ACTC-DEL-014': [
    'test/sim/agent/questions.test.ts',
    'T13: allows nothing that the credential does not allow: an accepted price above the limit is not paid',
  ],
  'ACTC-DEL-015': ['test/sim/cloud/psp-refunds.test.ts', 'is never more than was paid, in one or in several'],
  'ACTC-DEL-016': ['test/sim/cloud/psp-account-orders.test.ts', 'of a BOUNDED credential, and none where a token pays'],
  'ACTC-DEL-017': [
    'test/sim/cloud/psp-delegation-accounts.test.ts',
    'T5: does not exist for another wearer, and is bound to its agent and currency',
  ],
  'ACTC-DEL-018': [
    'test/sim/cloud/psp-account-orders.test.ts',
    'T17: is void once anything else was done to the account, also a second freeze of a frozen one',
  ],
  'ACTC-DEL-019': [
    'test/sim/cloud/psp-account-orders.test.ts',
    'is at most what they still let the account pay: what is spent or promised gives no room, nor does a refund',
  ],
  'ACTC-DEL-020': [
    'test/device/delegation/accounting.test.ts',
    'T5: another’s answer, and one about another account, agent or currency, mean nothing',
  ],
  'ACTC-CNF-027': ['test/device/signer/read-account.test.ts', 'T18: signs the change it showed, after a hold'],
  'ACTC-OBJ-014': ['test/protocol/jcs.test.ts', 'verifies for a party that has JSON and a library only'],
  'ACTC-SEA-011': ['test/device/link/sealed-transport.test.ts', 'seals one frame twice into two different envelopes'],
  'ACTC-TOP-003': [
    'test/adapters/mqtt-transport.test.ts',
    'carries a message, acknowledged to its sender and never retained',
  ],
  'ACTC-TOP-004': [
    'test/device/link/sealed-transport.test.ts',
    'brings the signed frame to its receiver byte for byte',
  ],
  'ACTC-TOP-005': ['test/device/agent.test.ts', 'also across a restart: what was taken before is not taken again'],
  'ACTC-TOP-006': [
    'test/adapters/mqtt-transport.test.ts',
    'acknowledges in the order of arrival, whatever order the acks run in',
  ],
  'ACTC-TOP-007': ['test/adapters/mqtt-examples.test.ts', 'carries frames over WebSocket, MQTT %s'],
  'ACTC-TOP-008': [
    'test/sim/cloud/service.test.ts',
    'stores a frame before it acknowledges it, and acknowledges it before it answers',
  ],
  'ACTC-TOP-009': [
    'test/adapters/mqtt-transport.test.ts',
    'T21: drops an oversized message but acknowledges it, so that it does not come back',
  ],
  'ACTC-TOP-010': [
    'test/device/inbox.test.ts',
    'are dropped before a signature is verified once a burst is used up, and let frames through again with time',
  ],
  'ACTC-TOP-012': [
    'test/device/agent-locks.test.ts',
    'T30: gets through on its own topic while its sender’s rate is used up on the other',
  ],
  'ACTC-TOP-011': ['test/adapters/mqtt-examples.test.ts', "T30: keeps a device from another's topics, MQTT %s"],
  'ACTC-CNF-001': ['test/device/signer.test.ts', 'shows what it signs and signs what it showed, after a hold'],
  'ACTC-CNF-007': [
    'test/device/confirm/gate.test.ts',
    'T10: lets no press from dead time count, however long it is held',
  ],
  'ACTC-CNF-008': [
    'test/device/signer.test.ts',
    'T2: a challenge that was answered is never answered again, nor is another one with its nonce',
  ],
  'ACTC-CNF-009': ['test/device/signer.test.ts', 'T8: a payee nobody registered'],
  'ACTC-CNF-010': ['test/device/confirm/gate.test.ts', 'ends with five different answers'],
  'ACTC-CNF-011': ['test/device/signer.test.ts', 'T18: the glasses come off'],
  'ACTC-CNF-012': [
    'test/device/signer/shown-whole.test.ts',
    'T8, T9: every amount, merchant, category, method, date and text of every legal credential',
  ],
  'ACTC-CNF-013': [
    'test/device/signer/read-delegation.test.ts',
    'gives a signature that a party with JSON only can verify, and that holds for nothing else',
  ],
  'ACTC-CNF-014': [
    'test/device/signer/read-lifecycle.test.ts',
    'T17: signs the change it showed, without waiting for anybody',
  ],
  'ACTC-CNF-015': [
    'test/device/signer/read-binding.test.ts',
    'T9: says on the first page that there is no total limit and no end',
  ],
  'ACTC-CNF-016': [
    'test/device/signer/locks.test.ts',
    'signs nothing from the order on, not even what was being held, and nothing after a restart',
  ],
  'ACTC-CNF-017': [
    'test/device/signer/signed-time.test.ts',
    'is what was signed last and what the timer has counted since; it never goes back',
  ],
  'ACTC-CNF-024': [
    'test/device/hid/pairing.test.ts',
    'shows the same six digits on both, and pairs after a hold on the signer',
  ],
};
