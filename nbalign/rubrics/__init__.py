"""The rubric model, its YAML and the packaged rubrics."""
