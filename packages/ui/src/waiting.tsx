import './waiting.css'

/** Decoration beside words that say what is being waited for; it says nothing itself. */
export function Spinner() {
  return <span className="rl-spinner" aria-hidden="true" />
}

/** The place of something still on its way, so that nothing jumps when it comes. */
export function Skeleton({ shape = 'line' }: { shape?: 'line' | 'short' | 'mark' }) {
  return <span className="rl-skeleton" data-shape={shape} aria-hidden="true" />
}
