"""Everything that can generate, behind one seam."""
