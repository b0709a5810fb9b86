"""The handbook (docs/handbuch) as pages of the portal: listed by who works where, searched, at hand on every page."""
