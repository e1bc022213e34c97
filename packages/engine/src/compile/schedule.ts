/** Calls that are followed before the first one that is not. */
const FIRST = 100;
/** So many calls are followed after foreign code has run, before that is limited to about 10 % of the time. */
const CREDIT = 1000;

/** When the calls of a function are followed, for arguments of certain shapes. */
export interface Turn {
  /** One of so many calls is followed. */
  readonly distance: number;
  /** Calls until the next one that is followed, if no foreign code runs. */
  wait: number;
  /** Its calls since the last one that was followed. */
  passed: number;
  /** The counts of a {@link Schedule} when its last call was followed. */
  skips: number;
  events: number;
}

/**
 * Decides which calls of a function are followed: the first 100, and again after each change; those after foreign code has
 * run, if that is at most about 10 % of the time, and in any case the first 1000 times; else one in `distance`, which is about
 * 2 % of the time, at irregular distances.
 */
export class Schedule {
  /** Followed calls since the last change. */
  #calm = 0;
  #credit = CREDIT;
  /** How often foreign code has run. */
  #events = 0;
  /** Calls that were not followed, and `#events` at the last of them. */
  #skips = 0;
  #eventsAtSkip = 0;
  /** No call up to this count of skips has missed a change. */
  #cleared = 0;
  #random = 1;
  /** Makes the next call a followed one. */
  next = false;

  turn(distance: number): Turn {
    return { distance, wait: 0, passed: 0, skips: 0, events: -1 };
  }

  /** Foreign code has run, which may have changed something. */
  event(): void {
    this.#events++;
  }

  /** All calls are followed from now on. */
  always(): void {
    this.#calm = Number.NEGATIVE_INFINITY;
  }

  /** Whether the next call need not be followed; counts it. */
  skip(turn: Turn): boolean {
    // One in `distance` takes 2 % of the time, so five in `distance` take 10 %.
    this.#credit = Math.min(CREDIT, this.#credit + 5 / turn.distance);
    turn.passed++;
    if (this.next || this.#calm < FIRST || turn.passed > turn.wait) return false;
    if (turn.events !== this.#events) {
      const price = turn.wait / turn.distance; // 1 on average
      if (this.#credit >= price) {
        this.#credit -= price;
        return false;
      }
    }
    this.#skips++;
    this.#eventsAtSkip = this.#events;
    return true;
  }

  /** How many calls were not followed since the last one of this turn that was. */
  unseen(turn: Turn): number {
    return this.#skips - Math.max(turn.skips, this.#cleared);
  }

  /** How many calls before this one may have missed a change that this one finds: none if foreign code ran after the last skip. */
  missed(turn: Turn): number {
    const byEvent = this.#eventsAtSkip === turn.events && this.#events !== turn.events;
    return byEvent ? 0 : this.unseen(turn);
  }

  /** Notes a followed call that found a change, or none. */
  followed(turn: Turn, change: boolean): void {
    this.next = false;
    if (change) {
      this.#calm = Math.min(0, this.#calm);
      this.#credit = CREDIT;
      this.#cleared = this.#skips;
    } else this.#calm++;
    turn.events = this.#events;
    turn.skips = this.#skips;
    turn.passed = 0;
    // Irregular, so that a change that comes and goes in a rhythm is met at some time (Park & Miller 1988).
    this.#random = (this.#random * 48271) % 2147483647;
    turn.wait = turn.distance === 1 ? 0 : Math.floor(turn.distance * (0.5 + this.#random / 2147483647));
  }
}
