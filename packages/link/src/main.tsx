import '@rialto/ui/base.css'
import { createRoot } from 'react-dom/client'
import { placeOf } from './addresses.ts'
import './flow.css'
import { FlowPage } from './flow-page.tsx'
import { Unknown, Used } from './pages/lost.tsx'

const place = placeOf(location.pathname)
createRoot(document.getElementById('root')!).render(
  place.kind === 'flow' ? <FlowPage flowId={place.flowId} /> : place.kind === 'used' ? <Used /> : <Unknown />,
)
