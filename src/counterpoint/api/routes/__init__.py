"""The routes of the admin API, one module per noun. Each route declares its permission."""
