export type Notice = Readonly<{ tone: 'good' | 'calm' | 'bad'; text: string }>

/** What a page may say on top after a redirect. The address names one of these; it never carries words of its own. */
const notices: Readonly<Record<string, Notice>> = {
  linked: { tone: 'good', text: 'Your bank is linked. Check your order and pay.' },
  left: { tone: 'calm', text: 'You came back before linking a bank. Nothing was charged; link one whenever you like.' },
  'link-failed': {
    tone: 'bad',
    text: 'Your bank could not be linked this time. Nothing was charged. Please try again.',
  },
  'link-refused': {
    tone: 'bad',
    text: 'We could not confirm that this bank was linked by you, so we did not keep it. Please link it again.',
  },
  'link-ended': { tone: 'calm', text: 'The link to your bank has ended. Link it again to pay.' },
  'cart-changed': {
    tone: 'calm',
    text: 'Your cart changed since you opened this page. Check it again before you pay.',
  },
  unlinked: { tone: 'good', text: 'Your bank is unlinked. Your orders stay here.' },
  'unlink-failed': { tone: 'bad', text: 'We could not unlink your bank just now. Please try again in a minute.' },
  welcome: { tone: 'good', text: 'Welcome aboard. Your account is ready.' },
}

export function noticeOf(query: unknown): Notice | undefined {
  const name = (query as { note?: unknown }).note
  return typeof name === 'string' && Object.hasOwn(notices, name) ? notices[name] : undefined
}
