namespace Orders.Application.Orders;

/// <summary>How many orders a page or a slice holds. Validators, statements and the OpenAPI documents all take it from here.</summary>
public static class PageSize
{
    public const int Minimum = 1;
    public const int Maximum = 1000;
    public const int Default = 100;
}
