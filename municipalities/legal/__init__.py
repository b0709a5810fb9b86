"""What the law wants a county to say on its portal: Impressum, Datenschutz, Erklärung zur Barrierefreiheit."""
