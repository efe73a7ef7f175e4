namespace Orders.Api.Orders;

/// <summary>An answer with orders that are JSON already.</summary>
internal interface IAnswerWithOrders
{
    OrdersJson Orders { get; }
}
