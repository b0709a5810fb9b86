"""What a county works with: fields of action, kinds of activity, and the file they come from."""
