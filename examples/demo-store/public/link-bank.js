/** Every button that leads to the bank: asks our backend for a session, then hands it to the platform's SDK. */
for (const button of document.querySelectorAll('[data-link-bank]')) {
  const problem = button.parentElement.querySelector('.problem')
  button.addEventListener('click', async () => {
    button.disabled = true
    problem.hidden = true
    try {
      const { csrf, sdk, next } = button.dataset
      const [{ default: Link }, answer] = await Promise.all([
        import(sdk),
        fetch('/api/link-session', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
          body: JSON.stringify({ next }),
        }),
      ])
      const { sessionKey, redirect, message } = await answer.json()
      if (!answer.ok) throw new Error(message)
      Link.LinkInstance({ sessionKey, redirect, environment: 'sandbox' }).action()
    } catch (error) {
      console.error(error)
      problem.textContent = 'We cannot reach your bank link just now. Please try again in a minute.'
      problem.hidden = false
      button.disabled = false
    }
  })
}

// Coming back with the browser's Back button shows the page as it was left: with the button switched off.
addEventListener('pageshow', (event) => {
  if (event.persisted) for (const button of document.querySelectorAll('[data-link-bank]')) button.disabled = false
})
