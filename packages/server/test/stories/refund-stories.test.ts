import { afterAll, beforeAll, beforeEach, it } from 'vitest'
import { tellStory } from '../story.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(() => {
  t.clock.now = new Date('2026-01-05T15:00:00.000Z')
})
afterAll(() => t.close())

it.each([
  [
    'gives back part by part, until nothing is left, and keeps its fee',
    `
    terms --fee-bps 100 --overdraft-limit 1
    pay P 100.00 AUTHORIZED
    send P
    settle P
    books held 99.00 fees 1.00 bank 100.00
    free P
    refund R1 of P 60.00 AUTHORIZED
    books available 39.00 outgoing 60.00
    can P refund
    refund R2 of P 40.01 refused INSUFFICIENT_REFUNDABLE left 40.00
    refund R3 of P 40.00 AUTHORIZED
    refund R4 of P 0.01 refused INSUFFICIENT_REFUNDABLE left 0.00
    can P nothing
    books available -1.00 outgoing 100.00
    send R1 R3
    books outgoing 0.00 credits 100.00 bank 100.00
    settle R1 R3
    books outgoing 0.00 credits 0.00 bank 0.00 fees 1.00
    is R1 SUCCEEDED
    events R1 created authorized scheduled initiated succeeded`,
  ],
  [
    'takes what is held for covered, since it becomes available',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    refund R of P 100.00 AUTHORIZED
    books available -100.00 held 100.00 outgoing 100.00
    free P
    books available 0.00 held 0.00 outgoing 100.00`,
  ],
  [
    'refuses what the merchant has no money for, unless it may overdraw',
    `
    pay P1 100.00 AUTHORIZED
    pay P2 100.00 AUTHORIZED
    send P1 P2
    settle P1 P2
    free P1 P2
    credit C 150.00 AUTHORIZED
    refund R1 of P1 50.01 refused INSUFFICIENT_BALANCE
    books available 50.00 outgoing 150.00
    refund R2 of P1 50.00 AUTHORIZED
    terms --overdraft-limit 50
    refund R3 of P1 50.00 AUTHORIZED
    refund R4 of P2 0.01 refused INSUFFICIENT_BALANCE
    books available -50.00 outgoing 250.00`,
  ],
  [
    'keeps a refund waiting until its payment has settled, then sends it',
    `
    pay P 100.00 AUTHORIZED
    refund R1 of P 30.00 PENDING
    refund R2 of P 80.00 refused INSUFFICIENT_REFUNDABLE left 70.00
    books available 0.00 outgoing 0.00
    send P
    refund R3 of P 10.00 PENDING
    is R1 PENDING
    settle P
    is R1 AUTHORIZED
    is R3 AUTHORIZED
    books available -40.00 held 100.00 outgoing 40.00
    events R1 created pending authorized`,
  ],
  [
    'cancels a refund that was not sent when its payment comes back, and says nothing of a risk',
    `
    pay P 100.00 AUTHORIZED
    refund R1 of P 30.00 PENDING
    send P
    settle P
    refund R2 of P 20.00 AUTHORIZED
    return P R10
    is R1 CANCELED
    is R2 CANCELED
    books available 0.00 held 0.00 outgoing 0.00 bank 0.00
    events P created authorized scheduled initiated succeeded failed
    events R2 created authorized canceled
    refund R3 of P 1.00 refused INVALID_STATE
    can P nothing`,
  ],
  [
    'books what it is owed, and warns, when a payment comes back whose refund was sent',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    free P
    refund R1 of P 60.00 AUTHORIZED
    send R1
    refund R2 of P 20.00 AUTHORIZED
    return P R10
    is R1 INITIATED
    is R2 CANCELED
    books available -60.00 outgoing 0.00 credits 60.00 bank 0.00
    events P created authorized scheduled initiated succeeded failed double_refund_risk
    settle R1
    books available -60.00 credits 0.00 bank -60.00`,
  ],
  [
    'does not warn when the refund came back as well',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    free P
    refund R of P 100.00 AUTHORIZED
    send R
    settle R
    return R R02
    books available 100.00 bank 100.00
    can P refund
    return P R10
    events P created authorized scheduled initiated succeeded failed
    books available 0.00 bank 0.00`,
  ],
  [
    'may be refunded again when a refund came back or was canceled',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    free P
    refund R1 of P 70.00 AUTHORIZED
    refund R2 of P 30.00 AUTHORIZED
    cancel R2 CANCELED
    refund R3 of P 31.00 refused INSUFFICIENT_REFUNDABLE left 30.00
    send R1
    return R1 R03
    is R1 TERMINAL_FAILED
    refund R4 of P 100.00 AUTHORIZED
    books available 0.00 outgoing 100.00 credits 0.00`,
  ],
  [
    'counts a refund again whose return was dishonored, and warns if more was given back than was taken',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    free P
    terms --overdraft-limit 1000
    refund R1 of P 60.00 AUTHORIZED
    send R1
    settle R1
    return R1 R03
    dishonored R1
    refund R2 of P 41.00 refused INSUFFICIENT_REFUNDABLE left 40.00
    return R1 R03
    refund R3 of P 100.00 AUTHORIZED
    dishonored R1
    events P created authorized scheduled initiated succeeded double_refund_risk
    cancel R3 CANCELED
    refund R4 of P 41.00 refused INSUFFICIENT_REFUNDABLE left 40.00
    books available 40.00 outgoing 0.00 bank 40.00`,
  ],
  [
    'stops a refund that comes out of a file that was not sent, when its payment has come back meanwhile',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    free P
    refund R of P 100.00 AUTHORIZED
    schedule R
    return P R10
    is R SCHEDULED
    withdraw R
    is R CANCELED
    events R created authorized scheduled authorized canceled
    books available 0.00 outgoing 0.00 bank 0.00`,
  ],
  [
    'cancels waiting refunds with their payment',
    `
    pay P 100.00 AUTHORIZED
    refund R of P 30.00 PENDING
    cancel P CANCELED
    is R CANCELED
    events R created pending canceled
    refund R2 of P 1.00 refused INVALID_STATE`,
  ],
  [
    'cancels an unsent payment that is refunded in full, if the merchant has chosen that',
    `
    terms --unsent-refund cancel
    pay P 100.00 AUTHORIZED
    refund R of P 100.00 CANCELED
    is P CANCELED
    events P created authorized canceled
    events R created canceled
    books available 0.00 outgoing 0.00 pending 0.00
    pay P2 50.00 AUTHORIZED
    refund R2 of P2 20.00 PENDING
    refund R3 of P2 30.00 PENDING
    is P2 AUTHORIZED
    pay P3 10.00 AUTHORIZED
    schedule P3
    refund R4 of P3 10.00 PENDING
    is P3 SCHEDULED`,
  ],
  [
    'refuses what cannot be refunded, and says what can be done',
    `
    pay P1 9001.00 TERMINAL_FAILED
    refund R1 of P1 1.00 refused INVALID_STATE
    pay P2 10.00 AUTHORIZED
    cancel P2 CANCELED
    refund R2 of P2 1.00 refused INVALID_STATE
    pay P3 10.00 AUTHORIZED
    send P3
    return P3 R01
    is P3 RETRYABLE_FAILED
    refund R3 of P3 1.00 refused INVALID_STATE
    pay P4 10.00 AUTHORIZED
    send P4
    settle P4
    refund R4 of P4 1.00 AUTHORIZED
    refund R5 of R4 1.00 refused INVALID_STATE`,
  ],
])('%s', (_what, story) => tellStory(t, story))
