"""How well and how fast answers are written: healing, hypotheses and drafts."""
