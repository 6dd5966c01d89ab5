import { describe, expect, it } from 'vitest'
import { readAuthorization } from './consent-request.ts'

const SCOPE = 'openid offline_access fdx:accountbasic:read fdx:balances:read fdx:accountpayments:read'
const ask = (consentRequest: unknown, scope = SCOPE) =>
  readAuthorization(scope, JSON.stringify([{ type: 'fdx_v1.0', consentRequest }]))
const resources = (...dataClusters: unknown[]) => [{ resourceType: 'ACCOUNT', dataClusters }]

describe('a consent request', () => {
  it('is read with its old spellings', () => {
    expect(ask({ durationType: 'TIME_BASED', durationPeriod: 30, resources: resources('ACCOUNT_PAYMENTS') })).toEqual({
      durationType: 'TIME_BOUND',
      durationDays: 30,
      lookbackDays: 0,
      clusters: ['PAYMENT_SUPPORT'],
    })
  })

  it('goes no further than its scopes', () => {
    const read = ask({ durationType: 'PERSISTENT', resources: resources('ACCOUNT_BASIC', 'TRANSACTIONS') })
    expect(read).toMatchObject({ clusters: ['ACCOUNT_BASIC'], durationDays: 365 })
  })

  it('lives a day when it is for one time', () => {
    expect(ask({ durationType: 'ONETIME', resources: resources('ACCOUNT_BASIC') })).toMatchObject({ durationDays: 1 })
  })

  it('is made from scopes alone when there is nothing else', () => {
    expect(readAuthorization(SCOPE, undefined)).toMatchObject({
      durationType: 'PERSISTENT',
      clusters: ['ACCOUNT_BASIC', 'BALANCES', 'PAYMENT_SUPPORT'],
    })
  })

  it.each([
    ['nothing', undefined],
    ['a duration nobody knows', { durationType: 'FOREVER', resources: resources('ACCOUNT_BASIC') }],
    ['more than a year', { durationType: 'TIME_BOUND', durationPeriod: 366, resources: resources('ACCOUNT_BASIC') }],
    ['no resources', { durationType: 'ONE_TIME', resources: [] }],
    ['a cluster nobody offers', { durationType: 'ONE_TIME', resources: resources('TAX') }],
    ['a cluster that is no text', { durationType: 'ONE_TIME', resources: resources(7) }],
  ])('is refused when it asks for %s', (_what, consentRequest) => {
    expect(ask(consentRequest)).toBeTypeOf('string')
  })
})
