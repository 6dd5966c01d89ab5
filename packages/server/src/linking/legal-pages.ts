const pages = {
  '/terms': {
    title: 'Terms of linking',
    text: [
      'You link a bank account so that a merchant you chose can be paid from it. Linking costs you nothing.',
      'Linking by itself moves no money. Each payment is one you approve at the merchant, and the authorization you ' +
        'read before you finish says what the merchant may do.',
      'You can end the link at any time, at the merchant or at your bank.',
    ],
  },
  '/privacy': {
    title: 'Privacy notice',
    text: [
      'From your bank we read the names of the account holders, the accounts you may choose from, their balances, and ' +
        'the account and routing number of the one you choose. We do not read your transactions.',
      'Your bank password is never shown to the merchant and never stored. Account numbers and access to your bank are ' +
        'kept encrypted.',
      'Your agreement is kept with its time, your IP address and your browser as evidence, as the payment rules require.',
    ],
  },
} as const

/** A plain page of the hosted flow's origin. */
export function legalPage(path: keyof typeof pages, nonce: string): string {
  const { title, text } = pages[path]
  const style =
    ':root{color-scheme:light dark}body{margin:0 auto;max-width:34rem;padding:3rem 1.5rem;line-height:1.6;' +
    'font-family:system-ui,sans-serif;background:#f6f4ef;color:#14231f}h1{font-size:1.625rem;line-height:1.2}' +
    '@media(prefers-color-scheme:dark){body{background:#0d1413;color:#e9efec}}'
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<style nonce="${nonce}">${style}</style></head><body><main><h1>${title}</h1>` +
    `${text.map((paragraph) => `<p>${paragraph}</p>`).join('')}</main></body></html>`
  )
}
