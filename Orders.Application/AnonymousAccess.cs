namespace Orders.Application;

/// <summary>What a caller without credentials may do with orders. Each allows what those before it do.</summary>
public enum AnonymousAccess
{
    None,
    Read,
    ReadWrite,
}
