import type { Cents } from './money.ts'

export type Product = Readonly<{
  id: string
  name: string
  kind: 'beans' | 'gear'
  blurb: string
  detail: string
  cents: Cents
}>

export const catalog: readonly Product[] = [
  {
    id: 'harbor-blend',
    name: 'Harbor Blend',
    kind: 'beans',
    blurb: 'Cocoa, toasted almond, a long easy finish.',
    detail: 'Whole beans, 340 g',
    cents: 1840,
  },
  {
    id: 'first-light',
    name: 'First Light',
    kind: 'beans',
    blurb: 'Washed Yirgacheffe: bergamot and ripe apricot.',
    detail: 'Whole beans, 340 g',
    cents: 2100,
  },
  {
    id: 'night-watch',
    name: 'Night Watch Decaf',
    kind: 'beans',
    blurb: 'Mountain-water process. Malt and dark plum.',
    detail: 'Whole beans, 340 g',
    cents: 1750,
  },
  {
    id: 'compass-dripper',
    name: 'Compass Dripper',
    kind: 'gear',
    blurb: 'Stoneware cone with eight ribs for an even draw.',
    detail: 'One to three cups',
    cents: 2800,
  },
  {
    id: 'stillwater-kettle',
    name: 'Stillwater Kettle',
    kind: 'gear',
    blurb: 'Gooseneck spout, and a pour as slow as you like.',
    detail: 'Steel, 0.9 l',
    cents: 6400,
  },
  {
    id: 'millstone-grinder',
    name: 'Millstone Grinder',
    kind: 'gear',
    blurb: 'Conical steel burrs, forty clicks from fine to coarse.',
    detail: 'Hand grinder, 30 g',
    cents: 11_900,
  },
  {
    id: 'deckhand-mug',
    name: 'Deckhand Mug',
    kind: 'gear',
    blurb: 'Heavy-footed, so it stays put in a blow.',
    detail: 'Stoneware, 350 ml',
    cents: 1600,
  },
  {
    id: 'la-regina',
    name: 'La Regina',
    kind: 'gear',
    blurb: 'Two groups, two boilers, polished brass. The café machine.',
    detail: 'Espresso machine, two-group',
    cents: 945_000,
  },
]

export const findProduct = (id: unknown): Product | undefined => catalog.find((product) => product.id === id)
