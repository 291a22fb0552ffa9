// The zone that one's days are in: today, new time and what the reports count are all by the clock of the profile's zone. The browser's
// counts until the profile is known.
import { ref } from 'vue'
import { browserZone } from './zone'

const zone = ref(browserZone())

export const myZone = () => zone.value

export function setMyZone(profile: string) {
  zone.value = profile
}
