namespace Orders.Infrastructure.Orders;

/// <summary>What became of a change in a shared statement.</summary>
internal enum StatusOutcome
{
    /// <summary>Made, durably.</summary>
    Made,
    OrderNotFound,

    /// <summary>Not made, for what may be a reason of its own or another's: it is to be tried by itself.</summary>
    Undone,

    /// <summary>Not made, nor will others be in one statement.</summary>
    Unplannable,
}
