import './logo.css'

/** The bridge. Decoration: the word Rialto stands beside it. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg className="rl-logo" width={size} height={size} viewBox="0 0 26 26" fill="none" aria-hidden="true">
      <path
        d="M6 17c1.5-6 12.5-6 14 0M9.5 13.5V17M13 12.2V17M16.5 13.5V17"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  )
}
