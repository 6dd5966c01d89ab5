import { expect, it } from 'vitest'
import {
  type Account,
  accountToOffer,
  canLeave,
  endings,
  type FlowView,
  headingOf,
  stepBack,
  stepNumber,
  steps,
} from './flow.ts'

const view = (over: Partial<FlowView>) => ({ product: 'PAY', bank: null, signIn: null, ...over }) as FlowView
const account = (id: string, eligible = true) => ({ id, eligible }) as Account

it('counts five steps, and no step once the flow is over', () => {
  expect(steps.map(stepNumber)).toEqual([1, 2, 3, 4, 5])
  expect(endings.filter((page) => stepNumber(page) === null)).toEqual(['done', 'left', 'expired', 'error'])
})

it('lets the customer leave as long as there is something to leave', () => {
  expect(canLeave('authorize')).toBe(true)
  expect(canLeave('no-eligible-account')).toBe(true)
  expect(canLeave('done')).toBe(false)
})

it('has a heading for every page, and its own for each kind of sign-in', () => {
  const bank = { name: 'Harbor Savings' } as FlowView['bank']
  for (const page of [...steps, ...endings]) expect(headingOf(view({ page })).length).toBeGreaterThan(5)
  const kinds: FlowView['signIn'][] = [
    { kind: 'redirect', redirectTo: 'https://harbor.example' },
    { kind: 'credentials', problem: null },
    { kind: 'mfa', prompt: '', digits: 6, problem: null },
  ]
  expect(kinds.map((signIn) => headingOf(view({ page: 'sign-in', bank, signIn })))).toEqual([
    'Continue at Harbor Savings',
    'Sign in to Harbor Savings',
    'Enter your code',
  ])
})

it.each([
  ['authorize', 'accounts', 'accounts'],
  ['authorize', 'bank', 'bank'],
  ['accounts', 'sign-in', 'bank'],
  ['accounts', 'bank', 'bank'],
  ['sign-in', 'bank', 'bank'],
  ['bank-unavailable', 'bank', 'bank'],
  ['sign-in', 'sign-in', null],
  ['bank', 'consent', null],
  ['bank', 'accounts', null],
  ['done', 'authorize', null],
  ['left', 'bank', null],
  ['expired', 'bank', null],
] as const)('at %s, Back to %s leads to %s', (now, asked, to) => {
  expect(stepBack(now, asked)).toBe(to)
})

it('offers the account chosen before, else the first that can be used', () => {
  const accounts = [account('card', false), account('checking'), account('savings')]
  expect(accountToOffer(accounts, null)).toBe('checking')
  expect(accountToOffer(accounts, 'savings')).toBe('savings')
  expect(accountToOffer(accounts, 'card')).toBe('checking')
  expect(accountToOffer([account('card', false)], null)).toBe(null)
})
