using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Orders.Api.Http;

/// <summary>Puts <see cref="WireScalarBinder"/> in charge of the types it reads, and <see cref="WireKeysBinder"/> of lists of keys.</summary>
internal sealed class WireScalarBinderProvider : IModelBinderProvider
{
    private static readonly WireScalarBinder Binder = new();
    private static readonly WireKeysBinder KeysBinder = new();

    public IModelBinder? GetBinder(ModelBinderProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return WireScalarBinder.Reads(context.Metadata.ModelType) ? Binder
            : context.Metadata.ModelType == typeof(long[]) ? KeysBinder
            : null;
    }
}
