"""SQLite: the connection, the migrations, and the tables of notebooks and rubrics."""
