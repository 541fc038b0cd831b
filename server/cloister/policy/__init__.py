"""Pure decisions; the clock and everything else they need is passed in."""
