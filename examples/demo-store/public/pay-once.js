/** A form that pays is sent once, however often its button is pressed. The backend makes sure of it too. */
for (const form of document.querySelectorAll('form[data-pay-once]')) {
  const button = form.querySelector('button')
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'yes'
    button.setAttribute('aria-disabled', 'true')
    button.textContent = 'Paying…'
  })
}

addEventListener('pageshow', (event) => {
  if (event.persisted && document.querySelector('form[data-sent]')) location.reload()
})
