// The icon of the window: the clock, or the running hours and minutes.

const SIZE = 64

const link = () => document.querySelector<HTMLLinkElement>('link[rel=icon]')

function draw(text: string): string | undefined {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE
  const context = canvas.getContext('2d')
  if (!context) return undefined
  context.fillStyle = '#0d6661'
  context.beginPath()
  context.roundRect(0, 0, SIZE, SIZE, 14)
  context.fill()
  context.fillStyle = '#ffffff'
  context.font = `700 ${text.length > 4 ? 21 : 27}px 'Inter Variable', sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(text, SIZE / 2, SIZE / 2 + 2)
  return canvas.toDataURL()
}

export function showIcon(running?: string) {
  const icon = link()
  if (!icon) return
  const drawn = running ? draw(running) : undefined
  icon.type = drawn ? 'image/png' : 'image/svg+xml'
  icon.href = drawn ?? '/icon.svg'
}
