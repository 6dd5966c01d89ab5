/** On a page that waits for the bank: asks our backend until there is an answer, then shows it. */
const waiting = document.querySelector('[data-watch-order]')
const words = waiting?.querySelector('[data-watch-words]')
const everyMs = 2000
const forMs = 5 * 60_000
const begun = Date.now()

async function look() {
  const answer = await fetch(`/api/orders/${waiting.dataset.watchOrder}`).catch(() => undefined)
  const { status } = answer?.ok ? await answer.json() : {}
  if (status === 'approved' || status === 'failed' || answer?.status === 401) return location.reload()
  if (Date.now() - begun < forMs) return setTimeout(look, everyMs)
  words.textContent = 'Your bank is taking its time. We keep asking; you will find the answer under Orders.'
}
if (waiting) setTimeout(look, everyMs)
