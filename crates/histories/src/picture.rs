//! A history as a space-time diagram, in SVG.
