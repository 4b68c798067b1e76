"""Letter + readers -> Deliveries: nobody twice, nobody missed."""
