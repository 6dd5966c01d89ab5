import type { Layout } from './layout.ts'

/**
 * The 29 columns of corrected data (36 to 64 of addenda 98), by change code. C13, C14 and others hold nothing that is
 * read.
 */
export const correctionLayouts = {
  C01: {
    name: 'Corrected data C01',
    fields: [
      ['accountNumber', 1, 17, 'text'],
      ['rest', 18, 29, 'blank'],
    ],
  },
  C02: {
    name: 'Corrected data C02',
    fields: [
      ['routingNumber', 1, 9, 'digits'],
      ['rest', 10, 29, 'blank'],
    ],
  },
  C03: {
    name: 'Corrected data C03',
    fields: [
      ['routingNumber', 1, 9, 'digits'],
      ['gap', 10, 12, 'blank'],
      ['accountNumber', 13, 29, 'text'],
    ],
  },
  C04: {
    name: 'Corrected data C04',
    fields: [
      ['individualName', 1, 22, 'text'],
      ['rest', 23, 29, 'blank'],
    ],
  },
  C05: {
    name: 'Corrected data C05',
    fields: [
      ['transactionCode', 1, 2, 'digits'],
      ['rest', 3, 29, 'blank'],
    ],
  },
  C06: {
    name: 'Corrected data C06',
    fields: [
      ['accountNumber', 1, 17, 'text'],
      ['gap', 18, 20, 'blank'],
      ['transactionCode', 21, 22, 'digits'],
      ['rest', 23, 29, 'blank'],
    ],
  },
  C07: {
    name: 'Corrected data C07',
    fields: [
      ['routingNumber', 1, 9, 'digits'],
      ['accountNumber', 10, 26, 'text'],
      ['transactionCode', 27, 28, 'digits'],
      ['rest', 29, 29, 'blank'],
    ],
  },
  C09: {
    name: 'Corrected data C09',
    fields: [
      ['individualId', 1, 22, 'text'],
      ['rest', 23, 29, 'blank'],
    ],
  },
} as const satisfies Readonly<Record<string, Layout>>

export type CorrectionCode = keyof typeof correctionLayouts
